package dev.postern.archive;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Those of whom any two open a body.
///
/// @param all 2 to 16, each with a name and keys of their own
public record Custodians(List<Custodian> all) {
    static final int FEWEST = 2;
    private static final int MOST = 16;

    public Custodians {
        all = List.copyOf(all);
        if (all.size() < FEWEST || all.size() > MOST) {
            throw new IllegalArgumentException("sealed bodies need 2 to 16 custodians");
        }
        Set<Object> seen = new HashSet<>();
        for (Custodian custodian : all) {
            if (!seen.add(custodian.name()) || !seen.add(custodian.recipient()) || !seen.add(custodian.signing())) {
                throw new IllegalArgumentException(
                        "custodian " + custodian.name() + " has a name or key that another has too");
            }
        }
    }

    /// Lines as [Custodian#line], empty ones and those that begin with `#` left out.
    ///
    /// @throws IllegalArgumentException with the number of the line at fault
    public static Custodians parse(List<String> lines) {
        List<Custodian> all = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            int number = i + 1;
            all.add(Custodian.parse(line)
                    .orElseThrow(
                            () -> new IllegalArgumentException("line " + number + " is no public key of a custodian")));
        }
        return new Custodians(all);
    }

    public Optional<Custodian> named(String name) {
        return all.stream().filter(custodian -> custodian.name().equals(name)).findFirst();
    }

    @Override
    public String toString() {
        return all.stream().map(Custodian::name).collect(Collectors.joining(", ", "Custodians[", "]"));
    }
}
