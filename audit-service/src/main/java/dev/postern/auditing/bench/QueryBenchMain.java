package dev.postern.auditing.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import tools.jackson.databind.json.JsonMapper;

/// The program behind `postern bench audit-query`: takes a number of events and an empty directory, and prints one JSON
/// document.
public final class QueryBenchMain {
    private QueryBenchMain() {}

    public static void main(String[] arguments) throws IOException, SQLException, InterruptedException {
        QueryBench.Result result = new QueryBench(
                        Path.of(arguments[1]), Clock.systemUTC(), new SecureRandom(), System.err)
                .run(Long.parseLong(arguments[0]));
        System.out.println(JsonMapper.shared().writeValueAsString(result));
    }
}
