"""Writes files into a directory with every writer that PyTorch has."""
import sys
from pathlib import Path

import torch

directory = Path(sys.argv[1])
torch.manual_seed(7)
model = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3), torch.nn.Sequential(torch.nn.Linear(3, 2)))
optimizer = torch.optim.Adam(model.parameters())
model(torch.rand(5, 4)).sum().backward()
optimizer.step()
model.eval()
base = torch.arange(24.0).reshape(4, 6)
mixed = {
    "base": base,
    "view": base[1:3],
    "turned": base.t(),
    "half": base.half(),
    "bfloat16": base.bfloat16(),
    "bool": base > 3,
    "int": base.int(),
    "short": base.short(),
    "byte": base.byte(),
    "complex": torch.complex(base, base),
    "scalar": torch.tensor(3.0),
    "empty": torch.zeros(0, 4),
    "parameter": torch.nn.Parameter(base.clone()),
    "tied": base,
    "nested": {"größe 模型": [torch.ones(2), {"deep": torch.ones(3, 1, 1)}]},
}
checkpoint = {
    "pytorch-lightning_version": "2.5.0",
    "epoch": 3,
    "global_step": 7,
    "state_dict": model.state_dict(),
    "optimizer_states": [optimizer.state_dict()],
    "hyper_parameters": {"lr": 0.1},
}
for name, value in {"state-dict": model.state_dict(), "module": model, "mixed": mixed, "checkpoint": checkpoint}.items():
    torch.save(value, directory / f"{name}.pt")
    torch.save(value, directory / f"{name}-legacy.pt", _use_new_zipfile_serialization=False)
torch.jit.save(torch.jit.script(model), directory / "script.pt")
torch.jit.save(torch.jit.freeze(torch.jit.script(model)), directory / "frozen.pt")
