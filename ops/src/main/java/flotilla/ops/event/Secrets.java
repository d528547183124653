package flotilla.ops.event;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs bodies with HMAC-SHA256 (RFC 2104), and reads the settings of targets. */
final class Secrets {
    private static final int LEAST = 16;
    private static final int MOST_BYTES = 4096;

    private final List<byte[]> keys;

    private Secrets(List<byte[]> keys) {
        this.keys = keys;
    }

    static Secrets none() {
        return new Secrets(List.of());
    }

    /**
     * Reads a file with a secret in each line. Each one signs, so that a receiver can go from one to the next.
     *
     * @throws IOException when the file cannot be used
     */
    static Secrets read(Path file) throws IOException {
        if (Files.size(file) > MOST_BYTES) {
            throw new IOException(file + " is too large for a secret");
        }
        List<String> lines = Files.readString(file)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        if (lines.isEmpty() || lines.stream().anyMatch(line -> line.length() < LEAST)) {
            throw new IOException(file + " needs a secret of at least " + LEAST + " characters in each line");
        }
        return new Secrets(lines.stream()
                .map(line -> line.getBytes(StandardCharsets.UTF_8))
                .toList());
    }

    boolean isEmpty() {
        return keys.isEmpty();
    }

    /** The value of the header: the time, and a signature of {@code time.body} for each secret. */
    String signature(long seconds, byte[] body) {
        StringBuilder text = new StringBuilder("t=").append(seconds);
        for (byte[] key : keys) {
            text.append(",v1=").append(HexFormat.of().formatHex(mac(key, seconds + ".", body)));
        }
        return text.toString();
    }

    private static byte[] mac(byte[] key, String before, byte[] body) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            mac.update(before.getBytes(StandardCharsets.US_ASCII));
            return mac.doFinal(body);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Refuses keys that a target does not have. */
    static void only(Config settings, Set<String> known) throws IOException {
        Set<String> others = new TreeSet<>(settings.root().keySet());
        others.removeAll(known);
        if (!others.isEmpty()) {
            throw new IOException("it has no key " + String.join(", ", others));
        }
    }
}
