package dev.postern.redacting;

import java.nio.file.Path;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// Where the root keys of pseudonyms are kept.
///
/// @param rootsFile      the roots, sealed
/// @param keysetFile     holds the key that seals them
/// @param passphraseFile opens it
@ConfigurationProperties("postern.redaction.pseudonym")
public record PseudonymProperties(Path rootsFile, Path keysetFile, Path passphraseFile) {}
