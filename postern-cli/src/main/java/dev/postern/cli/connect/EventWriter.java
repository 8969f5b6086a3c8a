package dev.postern.cli.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;

/// Server-sent events as OpenAI's clients read them. An event's JSON is one line: a line break in it, which JSON allows
/// between its tokens, would end the field and so becomes a space.
record EventWriter(OutputStream out) {
    private static final byte[] DATA = "data: ".getBytes(UTF_8);
    private static final byte[] END = "\n\n".getBytes(UTF_8);
    private static final byte[] DONE = "[DONE]".getBytes(UTF_8);

    void event(byte[] json) throws IOException {
        byte[] line = json.clone();
        for (int i = 0; i < line.length; i++) {
            if (line[i] == '\n' || line[i] == '\r') {
                line[i] = ' ';
            }
        }
        field(line);
    }

    /// The answer is whole. Nothing else says so.
    void done() throws IOException {
        field(DONE);
    }

    private void field(byte[] value) throws IOException {
        out.write(DATA);
        out.write(value);
        out.write(END);
        out.flush();
    }
}
