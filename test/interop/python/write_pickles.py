"""Writes into a directory what people save with pickle, torch, joblib, scikit-learn and NumPy."""
import collections
import datetime
import decimal
import fractions
import pathlib
import pickle
import sys
import uuid

import joblib
import numpy
import torch
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.svm import SVC

directory = pathlib.Path(sys.argv[1])
numpy.random.seed(7)
torch.manual_seed(7)

data = {
    "numbers": [1, -7, 2**31, 2**70, -(2**70), 1.5, float("inf"), True, None, 1j],
    "texts": ["", "plain", "größe 模型 🦙", "line\nline\\u0041", "x" * 300],
    "bytes": [b"", b"\x80\x04.", bytes(range(256)), bytearray(b"abc")],
    "containers": [(), (1,), (1, 2, 3, 4), {1, 2}, frozenset([3]), {"a": {}}, slice(1, 2), range(3)],
    "library": [
        datetime.datetime(2026, 1, 1, tzinfo=datetime.timezone.utc),
        datetime.date(2026, 1, 1),
        datetime.timedelta(1),
        decimal.Decimal("1.5"),
        fractions.Fraction(1, 3),
        uuid.UUID(int=7),
        pathlib.PurePosixPath("a/b"),
        collections.OrderedDict(a=1),
        collections.defaultdict(list, a=[1]),
        collections.Counter("abca"),
        collections.deque([1], 5),
    ],
    "arrays": [
        numpy.arange(6.0).reshape(2, 3),
        numpy.array([None, "x", {1: 2}], dtype=object),
        numpy.float32(1.5),
        numpy.zeros(2, dtype=[("a", "f4"), ("b", "O")]),
        numpy.array(["2026-01-01"], dtype="M8[D]"),
        numpy.array(["a", "bb"]),
        numpy.ma.masked_array([1, 2], [True, False]),
        numpy.random.RandomState(3),
        numpy.random.default_rng(3),
    ],
}
shared = []
shared.append(shared)
data["shared"] = [shared, shared, data["arrays"]]
for protocol in range(6):
    with open(directory / f"plain-{protocol}.pkl", "wb") as file:
        pickle.dump(data, file, protocol)
with open(directory / "stacked.pkl", "wb") as file:
    for number in range(5):
        pickle.dump({"number": number}, file)

features = numpy.random.rand(80, 4)
labels = (features[:, 0] > 0.5).astype(int)
estimators = {
    "forest": make_pipeline(StandardScaler(), RandomForestClassifier(3)),
    "boosting": GradientBoostingClassifier(n_estimators=3),
    "svm": make_pipeline(PCA(2), SVC(probability=True)),
    "neighbours": KNeighborsClassifier(algorithm="kd_tree"),
    "network": MLPClassifier((4,), max_iter=5, solver="lbfgs"),
    "search": GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=2),
}
for name, estimator in estimators.items():
    estimator.fit(features, labels)
    joblib.dump(estimator, directory / f"{name}.joblib")
    with open(directory / f"{name}.pkl", "wb") as file:
        pickle.dump(estimator, file)
for method in ("zlib", "gzip"):
    joblib.dump(estimators["forest"], directory / f"forest-{method}.joblib", compress=(method, 3))
texts = make_pipeline(TfidfVectorizer(token_pattern=r"\w+"), LogisticRegression())
joblib.dump(texts.fit(["a bb cc", "bb dd", "cc ee", "ff gg"], [0, 1, 0, 1]), directory / "texts.joblib")
joblib.dump(OneHotEncoder().fit(numpy.array([["a"], ["b"]], dtype=object)), directory / "categories.joblib")
joblib.dump({"arrays": data["arrays"][:6], "fortran": numpy.asfortranarray(features)}, directory / "arrays.joblib")
numpy.save(directory / "objects.npy", numpy.array([1, None, "x"], dtype=object), allow_pickle=True)

network = torch.nn.Sequential(
    torch.nn.Linear(4, 3), torch.nn.BatchNorm1d(3), torch.nn.ReLU(), torch.nn.LSTM(3, 2), torch.nn.Dropout(0.1)
)
linear = torch.nn.Linear(4, 2)
optimizer = torch.optim.Adam(linear.parameters())
linear(torch.rand(2, 4)).sum().backward()
optimizer.step()
checkpoint = {
    "model": linear.state_dict(),
    "optimizer": optimizer.state_dict(),
    "epoch": 3,
    "half": torch.zeros(2, dtype=torch.bfloat16),
    "device": torch.device("cpu"),
    "dtype": torch.float16,
    "size": torch.Size([1, 2]),
    "sparse": torch.eye(3).to_sparse(),
}
for name, value in {"weights": network.state_dict(), "whole": network, "checkpoint": checkpoint}.items():
    torch.save(value, directory / f"{name}.pt")
    torch.save(value, directory / f"{name}-legacy.bin", _use_new_zipfile_serialization=False)
with open(directory / "tensor.pkl", "wb") as file:
    pickle.dump({"weight": torch.ones(3)}, file)
torch.jit.save(torch.jit.script(linear), directory / "script.pt")
