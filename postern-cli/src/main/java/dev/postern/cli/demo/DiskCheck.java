package dev.postern.cli.demo;

import dev.postern.cli.scan.DiskScan;
import java.util.ArrayList;
import java.util.List;

/// Looks for this run's personal data, its harmless marker, its tokens and what was sent unsealed in every file under
/// the home.
final class DiskCheck implements DemoCheck {
    @Override
    public String id() {
        return "no-pii-on-disk";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed {
        List<String> secrets = new ArrayList<>(world.canaries().unwritable());
        secrets.addAll(world.remembered());
        DiskScan.Finding finding = DiskScan.of(world.home().root(), secrets);
        CheckFailed.unless(finding.filesWithHits().isEmpty(), "found in " + finding.filesWithHits());
        return secrets.size() + " values looked for in " + finding.files() + " files (" + finding.megabytes()
                + " MB): none found";
    }
}
