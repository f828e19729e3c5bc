"""Makes the files of this folder: `python timm_reference.py`, with torch 2.13.0, timm 1.0.31 and safetensors 0.8.0.

Two tiny networks of random weights, of which none stays at its start; their weights as timm stores them, and what they answer.
"""

from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from timm.models.convnext import ConvNeXt

FOLDER = Path(__file__).parent
NETWORKS = {
    "convnext": {"ls_init_value": 1e-6},
    "convnextv2": {"use_grn": True, "ls_init_value": None, "conv_mlp": True},
}
MEANS, DEVIATIONS = torch.tensor([0.485, 0.456, 0.406]), torch.tensor([0.229, 0.224, 0.225])


@torch.no_grad()
def main() -> None:
    """Write weights and answers."""
    pictures = np.random.default_rng(0).integers(0, 256, (2, 64, 48, 3), dtype=np.uint8)
    inputs = ((torch.tensor(pictures) / 255 - MEANS) / DEVIATIONS).permute(0, 3, 1, 2)
    answers = {"pictures": pictures}
    for name, options in NETWORKS.items():
        torch.manual_seed(0)
        network = ConvNeXt(num_classes=5, depths=(1, 2, 1, 1), dims=(6, 8, 12, 16), **options).eval()
        for weight in network.parameters():
            weight.normal_(0, 0.3)
        save_file(network.state_dict(), FOLDER / f"{name}.safetensors")
        answers[f"{name}_features"] = network.forward_features(inputs).permute(0, 2, 3, 1).numpy()
        answers[f"{name}_probabilities"] = network(inputs).softmax(-1).numpy()
        if name == "convnextv2":
            torch.save(network.state_dict(), FOLDER / f"{name}.pth")
    np.savez(FOLDER / "answers.npz", **answers)


if __name__ == "__main__":
    main()
