package dev.postern.rotation.authority;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.chassis.peer.Workload;
import dev.postern.test.ProjectFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The manifests against what the services read: by which account each is known, where its token lies, who reaches
/// which port. What only a cluster can say is not looked at.
final class ManifestsTest {
    private static final Path K8S = ProjectFiles.root().resolve("k8s");
    private static final String ROTATION = Workload.ROTATION.workloadName();

    /// Documents by kind and name.
    private final Map<String, JsonNode> objects = load();

    static Stream<String> services() {
        return Arrays.stream(Workload.values()).map(Workload::workloadName).filter(name -> !name.contains("/"));
    }

    /// Those whose certificate key-rotation-service gives out, and the pods that they run in.
    static Stream<Map.Entry<String, String>> attested() {
        return Stream.concat(
                services().filter(name -> !name.equals(ROTATION)).map(name -> Map.entry(name, name)),
                Stream.of(Map.entry(Workload.MONITOR.workloadName(), "prometheus")));
    }

    @ParameterizedTest
    @MethodSource("attested")
    void workloadProvesItselfByTheAccountItRunsUnderAndATokenForTheAuthorityAlone(Map.Entry<String, String> attested) {
        KubernetesProperties known = kubernetes();
        JsonNode pod = pod(attested.getValue());
        assertThat(known.accounts().get(attested.getKey()))
                .isEqualTo("postern/" + pod.path("serviceAccountName").asString());
        assertThat(objects)
                .containsKey("ServiceAccount " + pod.path("serviceAccountName").asString());

        JsonNode token =
                volume(pod, "identity").path("projected").path("sources").get(0).path("serviceAccountToken");
        assertThat(token.path("audience").asString()).isEqualTo(known.audience());
        assertThat(Duration.ofSeconds(token.path("expirationSeconds").asLong()))
                .isBetween(Duration.ofMinutes(10), known.longestLife());
        assertThat(mounts(pod)
                        .map(mount -> mount.path("mountPath").asString() + "/"
                                + token.path("path").asString()))
                .as("the default of postern.identity.service-account-token-file, and of ./postern certificate")
                .contains("/var/run/secrets/postern/token");
        assertThat(volume(pod, "platform-ca").path("configMap").path("name").asString())
                .isEqualTo("platform-ca");
    }

    @Test
    void onlyWhoIsNamedJoinsByAnAccount() {
        assertThat(kubernetes().accounts().keySet())
                .isEqualTo(attested().map(Map.Entry::getKey).collect(Collectors.toSet()));
    }

    @Test
    void authorityReadsTheClustersKeysWithATokenOfItsOwn() {
        KubernetesProperties known = kubernetes();
        JsonNode pod = pod(ROTATION);
        assertThat(known.issuer()).startsWith("https://");
        JsonNode sources = volume(pod, "cluster").path("projected").path("sources");
        String mount = mounts(pod)
                .filter(it -> it.path("name").asString().equals("cluster"))
                .findFirst()
                .orElseThrow()
                .path("mountPath")
                .asString();
        assertThat(Path.of(
                        mount,
                        sources.get(0).path("serviceAccountToken").path("path").asString()))
                .isEqualTo(known.tokenFile());
        assertThat(Path.of(
                        mount,
                        sources.get(1)
                                .path("configMap")
                                .path("items")
                                .get(0)
                                .path("path")
                                .asString()))
                .isEqualTo(known.caCertificate());
        assertThat(sources.get(0).path("serviceAccountToken").path("audience").isMissingNode())
                .as("for the API server, which lets nobody in here")
                .isTrue();
        assertThat(object("Deployment " + ROTATION)
                        .path("spec")
                        .path("replicas")
                        .asInt())
                .as("a TCP check does not tell a leader from a standby")
                .isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("services")
    void serviceHasAHomeThatItSharesWithNobody(String service) {
        JsonNode pod = pod(service);
        assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
        assertThat(volume(pod, "home")
                        .path("persistentVolumeClaim")
                        .path("claimName")
                        .asString())
                .isEqualTo(service);
        Set<String> volumes = new HashSet<>();
        pod.path("volumes").forEach(volume -> volumes.add(volume.path("name").asString()));
        assertThat(mounts(pod).map(mount -> mount.path("name").asString())).allMatch(volumes::contains);
        Map<String, String> variables = variables(pod);
        if (!service.equals(ROTATION)) {
            assertThat(variables)
                    .containsEntry("POSTERN_IDENTITY_BOOTSTRAP", "kubernetes")
                    .containsEntry("POSTERN_IDENTITY_CACERTIFICATE", "/etc/postern/ca/ca.pem");
        }
        assertThat(object("ConfigMap endpoints")
                        .path("data")
                        .path("POSTERN_REDIS_PASSWORDFILE")
                        .asString())
                .isEqualTo("/etc/postern/redis/password");
    }

    @ParameterizedTest
    @MethodSource("services")
    void managementPortIsOpenToTheScraperAndToNobodyElse(String service) {
        int port = managementPort(service);
        JsonNode management = object("NetworkPolicy to-management-ports").path("spec");
        assertThat(texts(management
                        .path("podSelector")
                        .path("matchExpressions")
                        .get(0)
                        .path("values")))
                .contains(service);
        JsonNode rule = management.path("ingress").get(0);
        assertThat(rule.path("from").size()).isEqualTo(1);
        assertThat(rule.at("/from/0/podSelector/matchLabels/app").asString()).isEqualTo("prometheus");
        assertThat(ports(rule)).contains(port);
        objects.forEach((name, policy) -> {
            if (name.startsWith("NetworkPolicy ") && !name.endsWith(" to-management-ports")) {
                policy.path("spec")
                        .path("ingress")
                        .forEach(it -> assertThat(ports(it)).as(name).doesNotContain(port));
            }
        });
        assertThat(object("ConfigMap prometheus")
                        .path("data")
                        .path("prometheus.yml")
                        .asString())
                .contains(service + ":" + port);
    }

    @Test
    void everyFileIsPartOfAKustomization() throws IOException {
        for (Path directory : List.of(K8S, K8S.resolve("monitoring"))) {
            JsonNode kustomization =
                    parse(directory.resolve("kustomization.yaml")).getFirst();
            try (Stream<Path> files = Files.list(directory)) {
                assertThat(texts(kustomization.path("resources")))
                        .containsExactlyInAnyOrderElementsOf(files.filter(Files::isRegularFile)
                                .map(file -> file.getFileName().toString())
                                .filter(name -> !name.equals("kustomization.yaml"))
                                .toList());
            }
        }
    }

    private static int managementPort(String service) {
        try (InputStream in =
                Files.newInputStream(ProjectFiles.root().resolve(service + "/src/main/resources/application.yml"))) {
            String settings = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            String name = settings.replaceAll("(?s).*\\$\\{postern\\.management-ports\\.([a-z]+)}.*", "$1");
            JsonNode defaults = parse(
                            ProjectFiles.root().resolve("service-chassis/src/main/resources/chassis-defaults.yml"))
                    .getFirst();
            return defaults.path("postern").path("management-ports").path(name).asInt();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// As key-rotation-service reads them from its environment.
    private KubernetesProperties kubernetes() {
        JsonNode settings = JsonMapper.shared()
                .readTree(object("ConfigMap attestation")
                        .path("data")
                        .path("SPRING_APPLICATION_JSON")
                        .asString());
        Map<String, Object> flat = new HashMap<>();
        flatten("", settings, flat);
        return new Binder(new MapConfigurationPropertySource(flat))
                .bind("postern.ca.kubernetes", KubernetesProperties.class)
                .get();
    }

    /// As Boot does.
    private static void flatten(String path, JsonNode node, Map<String, Object> into) {
        if (node.isObject()) {
            node.properties()
                    .forEach(member -> flatten(
                            path + (path.isEmpty() || member.getKey().startsWith("[") ? "" : ".") + member.getKey(),
                            member.getValue(),
                            into));
        } else {
            into.put(path, node.asString());
        }
    }

    private JsonNode object(String name) {
        return Objects.requireNonNull(objects.get(name), name);
    }

    private JsonNode pod(String deployment) {
        return object("Deployment " + deployment).path("spec").path("template").path("spec");
    }

    private static JsonNode volume(JsonNode pod, String name) {
        for (JsonNode volume : pod.path("volumes")) {
            if (volume.path("name").asString().equals(name)) {
                return volume;
            }
        }
        throw new AssertionError("no volume " + name);
    }

    private static Stream<JsonNode> mounts(JsonNode pod) {
        return pod.path("containers")
                .valueStream()
                .flatMap(container -> container.path("volumeMounts").valueStream());
    }

    private static Map<String, String> variables(JsonNode pod) {
        Map<String, String> variables = new HashMap<>();
        pod.path("containers")
                .get(0)
                .path("env")
                .forEach(it -> variables.put(
                        it.path("name").asString(), it.path("value").asString()));
        return variables;
    }

    private static List<Integer> ports(JsonNode rule) {
        return rule.path("ports")
                .valueStream()
                .map(it -> it.path("port").asInt())
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asString).toList();
    }

    private static Map<String, JsonNode> load() {
        Map<String, JsonNode> objects = new HashMap<>();
        try (Stream<Path> files = Files.walk(K8S)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".yaml")).toList()) {
                for (JsonNode object : parse(file)) {
                    @Nullable
                    JsonNode twice = objects.put(
                            object.path("kind").asString() + " "
                                    + object.path("metadata").path("name").asString(),
                            object);
                    assertThat(twice == null || object.path("kind").asString().equals("Kustomization"))
                            .as(file + " repeats an object")
                            .isTrue();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return objects;
    }

    private static List<JsonNode> parse(Path file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        try (InputStream in = Files.newInputStream(file)) {
            for (Object document : new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(in)) {
                documents.add(JsonMapper.shared().valueToTree(document));
            }
        }
        return documents;
    }
}
