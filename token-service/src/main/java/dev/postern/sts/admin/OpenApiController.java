package dev.postern.sts.admin;

import java.time.Duration;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The description of the administration (OpenAPI 3.1), for everybody: it holds no secret, and tools read it before
/// they have a token.
@RestController
final class OpenApiController {

    static final String PATH = "/admin/v1/openapi.json";

    @GetMapping(PATH)
    ResponseEntity<Resource> document() {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .cacheControl(CacheControl.maxAge(Duration.ofMinutes(5)).cachePublic())
                .body(new ClassPathResource("openapi/admin-v1.json"));
    }
}
