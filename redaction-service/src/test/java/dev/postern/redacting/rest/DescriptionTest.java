package dev.postern.redacting.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.redacting.TestPlatform;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/// The interface as it is described, and as it is served.
final class DescriptionTest extends RestFixture {
    @Autowired
    RequestMappingHandlerMapping requestMappingHandlerMapping;

    @Test
    void descriptionWhenComparedWithTheServiceThenEveryOperationIsInItAndNoOther() {
        Set<String> served = new TreeSet<>();
        requestMappingHandlerMapping
                .getHandlerMethods()
                .keySet()
                .forEach(info -> info.getPatternValues()
                        .forEach(pattern -> info.getMethodsCondition()
                                .getMethods()
                                .forEach(method -> served.add(method + " " + pattern))));
        served.removeIf(operation -> !operation.contains(" /v1/"));
        assertThat(DESCRIPTION.operations()).isEqualTo(served);
        assertThat(DESCRIPTION.problemsOfExamples()).isEmpty();
    }

    @Test
    void descriptionWhenReadThenNeedsNoToken() throws Exception {
        try (HttpClient client = HttpClient.newBuilder()
                .sslContext(TestPlatform.identity("operator/monitor").sslContext())
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/v1/openapi.json"))
                    .timeout(Duration.ofSeconds(20))
                    .build();
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(JSON.readTree(answer.body()).path("openapi").stringValue())
                    .isEqualTo("3.1.0");
        }
    }

    /// What the description says of policies is what is read.
    @Test
    void exampleWhenPutThenTaken() throws Exception {
        JsonNode example =
                DESCRIPTION.operation("PUT", "/v1/policies").at("/requestBody/content/application~1json/example");
        assertThat(put(example.toString(), "If-None-Match", "*").statusCode()).isEqualTo(201);
        HttpResponse<String> every =
                call("POST", "/v1/policies/dry-run", POLICIES, """
                    {"text":"x","policy":{"labels":{"internal":{"actions":
                      {"CARD":"keep","IBAN":"mask","AGE":"generalise","EMAIL":"hash","PHONE":"pseudonymise","MAC":"remove","SSN":"block"},
                      "thresholds":{"*":0.3,"SECRET":1},"allow":["ab"],"deny":{"CUSTOM":["ab"]},"languages":["de","fr"]}}}}
                    """).answer();
        assertThat(every.statusCode()).as(every.body()).isEqualTo(200);
    }
}
