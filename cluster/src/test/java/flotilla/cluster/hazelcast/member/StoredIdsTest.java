package flotilla.cluster.hazelcast.member;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import flotilla.cluster.hazelcast.entry.Factory;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Nodes of two releases read each other's entries, so an id always keeps its class. */
class StoredIdsTest {
    @Test
    void anIdKeepsItsClass() throws IOException {
        Map<Integer, String> names = new TreeMap<>();
        MemberConfig.RECORDS.forEach((id, type) -> names.put(id, type.getName()));
        Factory.ids()
                .forEach(id -> names.put(id, new Factory().create(id).getClass().getName()));
        String table = names.entrySet().stream()
                .map(each -> each.getKey() + " " + each.getValue() + "\n")
                .collect(Collectors.joining());
        assertEquals(frozen(), table, "lines of stored-ids.txt may be added, never changed or taken away");
    }

    private static String frozen() throws IOException {
        try (InputStream table =
                Objects.requireNonNull(StoredIdsTest.class.getResourceAsStream("/stored-ids.txt"), "stored-ids.txt")) {
            return new String(table.readAllBytes(), UTF_8);
        }
    }
}
