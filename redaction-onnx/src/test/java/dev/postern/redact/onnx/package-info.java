@NullMarked
package dev.postern.redact.onnx;

import org.jspecify.annotations.NullMarked;
