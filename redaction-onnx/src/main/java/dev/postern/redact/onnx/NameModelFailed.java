package dev.postern.redact.onnx;

/// The model did not answer: what was asked for is refused, since what it would have found is not known. The message
/// holds nothing of the text.
final class NameModelFailed extends RuntimeException {
    NameModelFailed(String why) {
        super("the model of names failed: " + why);
    }

    NameModelFailed(Throwable cause) {
        super("the model of names failed", cause);
    }
}
