package dev.postern.sts.admin;

import dev.postern.chassis.problem.Preconditions;
import java.util.Map;
import java.util.OptionalLong;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;

/// What an address answers.
///
/// @param body none when empty
/// @param version becomes the ETag
record Answer(int status, Map<String, Object> body, OptionalLong version) {

    static Answer ok(Map<String, Object> body, long version) {
        return new Answer(200, body, OptionalLong.of(version));
    }

    static Answer ok(Map<String, Object> body) {
        return new Answer(200, body, OptionalLong.empty());
    }

    static Answer written(long expected, Map<String, Object> body, long version) {
        return new Answer(expected == Preconditions.ABSENT ? 201 : 200, body, OptionalLong.of(version));
    }

    static Answer none() {
        return new Answer(204, Map.of(), OptionalLong.empty());
    }

    ResponseEntity<Map<String, Object>> response() {
        ResponseEntity.BodyBuilder response =
                ResponseEntity.status(status).header(HttpHeaders.CACHE_CONTROL, "no-store");
        version.ifPresent(known -> response.eTag(Preconditions.tag(known)));
        return body.isEmpty() && status == 204 ? response.build() : response.body(body);
    }
}
