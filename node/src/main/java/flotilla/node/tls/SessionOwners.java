package flotilla.node.tls;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Maps the ids of TLS sessions without tickets to their FTP sessions. It forgets the oldest when there are too many.
 * Safe for many threads.
 */
final class SessionOwners {
    private final Map<String, String> owners;

    SessionOwners(int most) {
        owners = new LinkedHashMap<>() {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
                return size() > most;
            }
        };
    }

    synchronized void note(byte[] id, String sessionId) {
        owners.put(HexFormat.of().formatHex(id), sessionId);
    }

    synchronized Optional<String> of(byte[] id) {
        return Optional.ofNullable(owners.get(HexFormat.of().formatHex(id)));
    }
}
