package dev.postern.cli.demo;

import dev.postern.cli.audit.AuditVerification;
import dev.postern.cli.platform.Deadline;
import dev.postern.cli.token.TokenClaims;
import dev.postern.tlog.note.Checkpoint;
import dev.postern.tlog.tree.Hash;
import dev.postern.tlog.tree.ProofCheck;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Gets a token, asks for the proof that its issue is logged, checks the proof with the log's public key, then checks
/// the whole log from its files.
final class AuditProofCheck implements DemoCheck {
    private static final String TYPE = "dev.postern.token.issued";
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    @Override
    public String id() {
        return "audit-proof";
    }

    @Override
    public String run(DemoWorld world) throws CheckFailed, InterruptedException {
        AuditReader audit = new AuditReader(world);
        AuditReader.Event event = logged(world, audit, TokenClaims.id(world.gatewayToken()));
        JsonNode proof = audit.proof(event);
        AuditVerification files = new AuditVerification(world.home().auditLog());
        Checkpoint checkpoint = open(proof.path("checkpoint").asString(), files);
        CheckFailed.unless(included(proof, checkpoint), "the inclusion proof does not lead to the signed root");
        List<AuditVerification.Shard> shards = files.run();
        for (AuditVerification.Shard shard : shards) {
            CheckFailed.unless(shard.report().sound(), "the log " + shard.origin() + " is not sound");
        }
        long entries =
                shards.stream().mapToLong(shard -> shard.report().leaves()).sum();
        return "entry " + proof.path("index").asLong() + " is proven in a tree of " + checkpoint.size()
                + "; the whole log (" + entries + " entries) verifies offline";
    }

    private static AuditReader.Event logged(DemoWorld world, AuditReader audit, String tokenId)
            throws CheckFailed, InterruptedException {
        return Deadline.find(PATIENCE, world.clock(), () -> find(audit, tokenId))
                .orElseThrow(() ->
                        new CheckFailed("the token's issue is not in the log after " + PATIENCE.toSeconds() + " s"));
    }

    private static Optional<AuditReader.Event> find(AuditReader audit, String tokenId) throws InterruptedException {
        return audit.latest(TYPE).stream()
                .filter(event -> event.data().path("token_id").asString("").equals(tokenId))
                .findFirst();
    }

    private static Checkpoint open(String note, AuditVerification files) throws CheckFailed {
        String origin = note.lines().findFirst().orElse("");
        return Checkpoint.open(note.getBytes(StandardCharsets.UTF_8), files.key(origin))
                .orElseThrow(() -> new CheckFailed("the checkpoint is not signed by the log's key"));
    }

    private static boolean included(JsonNode proof, Checkpoint checkpoint) {
        Base64.Decoder base64 = Base64.getDecoder();
        List<Hash> path = new ArrayList<>();
        for (JsonNode sibling : proof.path("proof")) {
            path.add(Hash.of(base64.decode(sibling.asString())));
        }
        Hash leaf = Hash.leaf(base64.decode(proof.path("leaf").asString()));
        return ProofCheck.included(proof.path("index").asLong(), checkpoint.size(), leaf, path, checkpoint.root());
    }
}
