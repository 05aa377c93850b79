"""Writes a SavedModel, checkpoints of both kinds and a frozen graph into a directory, and prints what they hold."""
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf  # noqa: E402

directory = sys.argv[1]
vocabulary = os.path.join(directory, "vocabulary.txt")
with open(vocabulary, "w") as file:
    file.write("a\t1\nb\t2\n")


class Model(tf.Module):
    def __init__(self):
        self.kernel = tf.Variable(tf.random.normal((5, 3)))
        self.bias = tf.Variable(tf.zeros((3,), tf.float16))
        initializer = tf.lookup.TextFileInitializer(vocabulary, tf.string, 0, tf.int64, 1, delimiter="\t")
        self.table = tf.lookup.StaticHashTable(initializer, 0)

    @tf.function(input_signature=[tf.TensorSpec((None, 5), tf.float32, name="x")])
    def __call__(self, x):
        return {"y": tf.matmul(x, self.kernel), "text": tf.io.read_file("/etc/hostname")}


model = Model()
tf.saved_model.save(model, os.path.join(directory, "saved"), signatures={"serving_default": model.__call__})
tf.train.Checkpoint(kernel=model.kernel, text=tf.Variable("text")).save(os.path.join(directory, "checkpoint", "two"))
graph = tf.Graph()
with graph.as_default():
    x = tf.compat.v1.placeholder(tf.float32, (None, 5), name="x")
    y = tf.matmul(x, tf.constant([[1.0, 2.0]] * 5, name="w"), name="y")
    with open(os.path.join(directory, "frozen.pb"), "wb") as file:
        file.write(graph.as_graph_def().SerializeToString())
    tf.compat.v1.get_variable("v", (4, 4))
    tf.compat.v1.get_variable("part", (8, 4), partitioner=tf.compat.v1.fixed_size_partitioner(2))
    with tf.compat.v1.Session() as session:
        session.run(tf.compat.v1.global_variables_initializer())
        tf.compat.v1.train.Saver().save(session, os.path.join(directory, "one", "model.ckpt"), global_step=7)


def variables(path):
    reader = tf.train.load_checkpoint(os.path.join(directory, path))
    shapes, types = reader.get_variable_to_shape_map(), reader.get_variable_to_dtype_map()
    return {name: [types[name].name, shapes[name]] for name in shapes}


json.dump(
    {
        "version": tf.__version__,
        "checkpoints": {
            path: variables(path) for path in ("saved/variables/variables", "checkpoint/two-1", "one/model.ckpt-7")
        },
    },
    sys.stdout,
)
