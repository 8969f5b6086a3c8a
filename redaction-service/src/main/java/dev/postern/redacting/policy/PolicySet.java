package dev.postern.redacting.policy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// All tenants' policies as they are kept.
///
/// @param revision counts the changes of any of them: an older set is never taken for a newer one
record PolicySet(long revision, SortedMap<String, StoredPolicy> tenants) {
    static final PolicySet EMPTY = new PolicySet(0, new TreeMap<>());

    private static final JsonMapper JSON = JsonMapper.builder().build();

    PolicySet {
        tenants = new TreeMap<>(tenants);
    }

    PolicySet with(StoredPolicy policy) {
        SortedMap<String, StoredPolicy> more = new TreeMap<>(tenants);
        more.put(policy.tenant(), policy);
        return new PolicySet(revision + 1, more);
    }

    long versionOf(String tenant) {
        StoredPolicy policy = tenants.get(tenant);
        return policy == null ? 0 : policy.version();
    }

    byte[] toJson() {
        ObjectNode set = JSON.createObjectNode().put("revision", revision);
        ObjectNode all = set.putObject("tenants");
        tenants.forEach((tenant, policy) -> all.putObject(tenant)
                .put("version", policy.version())
                .put("document", policy.document())
                .put("salt", policy.salt())
                .put("author", policy.author())
                .put("published_at", policy.publishedAt().toString()));
        return set.toString().getBytes(StandardCharsets.UTF_8);
    }

    /// The inverse of [#toJson].
    ///
    /// @throws IllegalStateException when it is something else; the message quotes nothing
    static PolicySet of(byte[] json) {
        try {
            JsonNode set = JSON.readTree(json);
            SortedMap<String, StoredPolicy> tenants = new TreeMap<>();
            for (var tenant : set.required("tenants").properties()) {
                JsonNode policy = tenant.getValue();
                tenants.put(
                        tenant.getKey(),
                        new StoredPolicy(
                                tenant.getKey(),
                                policy.required("version").longValue(),
                                policy.required("document").stringValue(),
                                policy.required("salt").stringValue(),
                                policy.required("author").stringValue(),
                                Instant.parse(policy.required("published_at").stringValue())));
            }
            return new PolicySet(set.required("revision").longValue(), tenants);
        } catch (JacksonException | java.time.DateTimeException _) {
            throw new IllegalStateException("the kept policies are not what this version writes");
        }
    }

    @Override
    public String toString() {
        return "PolicySet[revision " + revision + ", " + tenants.size() + " tenants]";
    }
}
