package dev.postern.cli.audit.witness;

import dev.postern.cli.audit.ServedAddress;
import dev.postern.cli.audit.ServedFiles;
import dev.postern.tlog.witness.LogKeys;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import javax.net.ssl.SSLContext;

/// Servers that publish the keys of their logs.
public final class KeyServers {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String KEYS = "keys";

    private KeyServers() {}

    /// The keys of one server's logs, believed at first sight.
    ///
    /// @param url   `https://host:port`, or `https://host:port/log/<beginning of origins>` for these only
    /// @param home  of the witness
    public static LogKeys at(String url, SSLContext tls, Path home, Clock clock) {
        ServedAddress address = ServedAddress.parse(url);
        HttpClient client = HttpClient.newBuilder()
                .sslContext(tls)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(PATIENCE)
                .build();
        String prefix = address.origin().map(origin -> origin + "/").orElse("");
        return new ServedKeys(new ServedFiles(client, address.root(), PATIENCE), prefix, home.resolve(KEYS), clock);
    }
}
