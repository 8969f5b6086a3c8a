package dev.postern.simulator.http;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/// The answer to one request: a document, or a stream of server-sent events, each flushed on its own.
public final class Reply {
    private static final byte[] LINE_END = {'\r', '\n'};
    private static final byte[] EVENT_START = Request.ascii("data: ");
    private static final byte[] EVENT_END = Request.ascii("\n\n");
    private static final byte[] LAST_CHUNK = Request.ascii("0\r\n\r\n");
    private static final byte[] STREAM_HEAD = Request.ascii("""
            HTTP/1.1 200 OK\r
            Content-Type: text/event-stream\r
            Cache-Control: no-cache\r
            Transfer-Encoding: chunked\r
            \r
            """);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private boolean streaming;
    private boolean cut;

    Reply(Socket socket, InputStream in, BufferedOutputStream out) {
        this.socket = socket;
        this.in = in;
        this.out = out;
    }

    /// A whole JSON document.
    public void json(int status, byte[] document) throws IOException {
        String reason = status == 200 ? "OK" : "Error";
        out.write(Request.ascii("HTTP/1.1 " + status + " " + reason
                + "\r\nContent-Type: application/json\r\nContent-Length: " + document.length + "\r\n\r\n"));
        out.write(document);
        out.flush();
    }

    /// One event of a stream; the first one opens the stream. It has left this process when the call returns.
    public void event(byte[] data) throws IOException {
        if (!streaming) {
            streaming = true;
            out.write(STREAM_HEAD);
        }
        int length = EVENT_START.length + data.length + EVENT_END.length;
        out.write(Request.ascii(Integer.toHexString(length)));
        out.write(LINE_END);
        out.write(EVENT_START);
        out.write(data);
        out.write(EVENT_END);
        out.write(LINE_END);
        out.flush();
    }

    /// Ends a stream that [#event] opened.
    public void endEvents() throws IOException {
        out.write(LAST_CHUNK);
        out.flush();
    }

    /// Waits, but no longer than the client does: reading is how one learns that the other side has closed.
    public void pause(Duration duration) throws IOException {
        if (duration.isZero()) {
            return;
        }
        socket.setSoTimeout(Math.toIntExact(duration.toMillis()));
        in.mark(1);
        try {
            if (in.read() < 0) {
                throw new ClientGone();
            }
            in.reset(); // the next request came early; the rest of the wait is not worth a second read
        } catch (SocketTimeoutException _) {
            // the usual case: nothing came, the time is over
        } finally {
            socket.setSoTimeout(0);
        }
    }

    /// Breaks the connection without ending the answer.
    public void cut() throws IOException {
        cut = true;
        socket.setSoLinger(true, 0);
        socket.close();
    }

    boolean wasCut() {
        return cut;
    }
}
