/// Names by a token-classification model of the operator's own, on ONNX Runtime.
@NullMarked
package dev.postern.redact.onnx;

import org.jspecify.annotations.NullMarked;
