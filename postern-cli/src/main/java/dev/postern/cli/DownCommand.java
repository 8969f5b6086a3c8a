package dev.postern.cli;

import dev.postern.cli.platform.Upstream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// `postern down`
@Command(name = "down", description = "Stops exactly what `up` started.", mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
    @Override
    public Integer call() throws InterruptedException {
        Surroundings surroundings = Surroundings.real(Upstream.SIMULATOR);
        surroundings.platform().down();
        surroundings.progress().say("The platform is down.");
        return 0;
    }
}
