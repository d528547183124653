package flotilla.storage.s3;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * Credentials in a file of lines {@code key = value}, as the tools of AWS write it: {@code aws_access_key_id},
 * {@code aws_secret_access_key} and perhaps {@code aws_session_token}. Only the first section counts. The file is read
 * again when it changes. Others than its owner may not read it.
 */
final class CredentialsFile implements AwsCredentialsProvider {
    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);
    private static final long MOST_BYTES = 64 * 1024;

    private final Path file;
    private @Nullable FileTime read;
    private @Nullable AwsCredentials known;

    CredentialsFile(Path file) {
        this.file = file;
    }

    @Override
    public synchronized AwsCredentials resolveCredentials() {
        try {
            FileTime changed = Files.getLastModifiedTime(file);
            AwsCredentials credentials = known;
            if (credentials == null || !changed.equals(read)) {
                credentials = load();
                known = credentials;
                read = changed;
            }
            return credentials;
        } catch (IOException e) {
            throw new CredentialsException("the file of the credentials cannot be read: " + file);
        }
    }

    private AwsCredentials load() throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView(PosixFileAttributeView.class)) {
            Set<PosixFilePermission> open = EnumSet.copyOf(OTHERS);
            open.retainAll(Files.getPosixFilePermissions(file));
            if (!open.isEmpty()) {
                throw new CredentialsException(
                        "others than its owner may read or write the file of the credentials: " + file);
            }
        }
        if (Files.size(file) > MOST_BYTES) {
            throw new CredentialsException("the file of the credentials is too long: " + file);
        }
        Map<String, String> values = firstSection();
        String id = value(values, "aws_access_key_id");
        String secret = value(values, "aws_secret_access_key");
        String token = values.get("aws_session_token");
        return token == null || token.isEmpty()
                ? AwsBasicCredentials.create(id, secret)
                : AwsSessionCredentials.create(id, secret, token);
    }

    private Map<String, String> firstSection() throws IOException {
        Map<String, String> values = new HashMap<>();
        int sections = 0;
        for (String line : Files.readAllLines(file)) {
            String text = line.strip();
            sections += text.startsWith("[") ? 1 : 0;
            int equals = text.indexOf('=');
            if (sections <= 1 && equals > 0 && !text.startsWith("#") && !text.startsWith(";")) {
                values.putIfAbsent(
                        text.substring(0, equals).strip(),
                        text.substring(equals + 1).strip());
            }
        }
        return values;
    }

    private String value(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null || value.isEmpty()) {
            throw new CredentialsException("the file of the credentials has no " + key + ": " + file);
        }
        return value;
    }

    @Override
    public String toString() {
        return "CredentialsFile[" + file + "]";
    }
}
