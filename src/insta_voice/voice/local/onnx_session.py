"""How every model here is loaded: few threads, asleep when idle, so that nothing spins on the cores."""

from pathlib import Path

import onnxruntime as ort


def load_session(path: Path, *, threads: int = 1, optimize: bool = True) -> ort.InferenceSession:
    """The model at `path` on the CPU.

    `threads` work inside one run: on two cores a second one made Moonshine slower. `optimize=False` is for
    graphs that were optimised when they were saved.
    """
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = 3  # errors; its warnings are about graphs we do not write
    if not optimize:
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
