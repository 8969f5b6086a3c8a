package dev.postern.auditing.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.exception.SdkClientException;

/// A key for S3 in a file of two or three lines: access key id, secret access key, and a session token if it has one.
/// The file is read for each request, so a new key counts from the moment it is written. Prints nothing of it.
public final class S3Credentials implements AwsCredentialsProvider {
    private static final int LONGEST = 16 << 10;

    private final Path file;

    private S3Credentials(Path file) {
        this.file = file;
    }

    /// Credentials in a file, which is read once now.
    ///
    /// @throws IOException with a sentence that says what the file must be
    public static S3Credentials in(Path file) throws IOException {
        S3Credentials credentials = new S3Credentials(file);
        var _ = credentials.read();
        return credentials;
    }

    private AwsCredentials read() throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
            throw malformed();
        }
        List<String> lines =
                Files.readString(file).strip().lines().map(String::strip).toList();
        if (lines.size() < 2 || lines.size() > 3 || lines.stream().anyMatch(String::isEmpty)) {
            throw malformed();
        }
        return lines.size() == 2
                ? AwsBasicCredentials.create(lines.get(0), lines.get(1))
                : AwsSessionCredentials.create(lines.get(0), lines.get(1), lines.get(2));
    }

    private IOException malformed() {
        return new IOException("the credentials file " + file
                + " must have the access key id on its first line and the secret access key on its second");
    }

    /// Asked by the SDK before each request.
    @Override
    public AwsCredentials resolveCredentials() {
        try {
            return read();
        } catch (IOException e) {
            throw SdkClientException.create("no credentials: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return "S3Credentials[" + file + "]";
    }
}
