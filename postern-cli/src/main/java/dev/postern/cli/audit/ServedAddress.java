package dev.postern.cli.audit;

import dev.postern.cli.connect.ListenAddress;
import dev.postern.cli.terminal.ExitCode;
import dev.postern.cli.terminal.Failure;
import java.net.URI;
import java.util.Optional;

/// Where logs are served: `https://host:port` or `https://host:port/log/` for all of them, and
/// `https://host:port/log/<origin>` for one. Any other path is a log by itself, whose key has to be pinned.
///
/// @param root    ends with a slash; `log/` and `vkeys/` lie below it, or the log itself when it is a bare one
/// @param origin  the one log that is meant
/// @param bare    whether `root` is a log by itself
public record ServedAddress(URI root, Optional<String> origin, boolean bare) {
    private static final String LOGS = "/log/";

    public static boolean isUrl(String text) {
        return text.startsWith("https://") || text.startsWith("http://");
    }

    /// Reads an address.
    ///
    /// @throws Failure unless it is one in HTTPS, or of this machine
    public static ServedAddress parse(String text) {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw wrong(e);
        }
        if (uri.getHost() == null
                || uri.getRawUserInfo() != null
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || uri.getRawPath().contains("%")) {
            throw wrong(new IllegalArgumentException("not a plain address"));
        }
        if (!uri.getScheme().equals("https") && !ListenAddress.isLoopback(uri.getHost())) {
            throw new Failure(ExitCode.USAGE, "Logs of other machines are read over https:// only.");
        }
        String path = uri.normalize().getPath().replaceAll("/+$", "") + "/";
        int logs = path.indexOf(LOGS);
        if (logs < 0) {
            return new ServedAddress(uri.resolve(path), Optional.empty(), !path.equals("/"));
        }
        String origin = path.substring(logs + LOGS.length()).replaceAll("/$", "");
        return new ServedAddress(
                uri.resolve(path.substring(0, logs + 1)),
                origin.isEmpty() ? Optional.empty() : Optional.of(origin),
                false);
    }

    private static Failure wrong(Exception cause) {
        return new Failure("A log's address looks like https://localhost:8843/log/localhost/audit/2026w48.", cause);
    }
}
