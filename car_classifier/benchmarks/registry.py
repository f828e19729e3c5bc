"""The table of benchmarks."""

BENCHMARKS = {
    "training": "car_classifier.benchmarks.training:benchmark_training",
    "loader": "car_classifier.benchmarks.loader:benchmark_loader",
    "augment": "car_classifier.benchmarks.augment:benchmark_augment",
    "metrics": "car_classifier.benchmarks.metrics:benchmark_metrics",
    "features": "car_classifier.benchmarks.features:benchmark_features",
    "xla": "car_classifier.benchmarks.steps:benchmark_xla",
    "precision": "car_classifier.benchmarks.steps:benchmark_precision",
    "search": "car_classifier.benchmarks.search_trials:benchmark_search",
    "engines": "car_classifier.benchmarks.engines:benchmark_engines",
}
