"""The source's "ImageNet" model: ResNet-50 whose feature maps are flattened instead of averaged."""

from models.factory import make_model_function
from models.resnet50 import resnet50_backbone

create_imagenet_model = make_model_function("imagenet", resnet50_backbone)
