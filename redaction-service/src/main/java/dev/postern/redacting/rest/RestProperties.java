package dev.postern.redacting.rest;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/// Limits of the REST interface.
///
/// @param largestBody of one request
/// @param mostTexts of one request
@ConfigurationProperties("postern.redaction.rest")
public record RestProperties(
        @DefaultValue("1MB") DataSize largestBody,
        @DefaultValue("256") int mostTexts) {

    public RestProperties {
        if (largestBody.toBytes() < 1 || largestBody.compareTo(DataSize.ofMegabytes(16)) > 0 || mostTexts < 1) {
            throw new IllegalArgumentException(
                    "postern.redaction.rest needs largest-body above 0, at most 16MB, and most-texts above 0");
        }
    }
}
