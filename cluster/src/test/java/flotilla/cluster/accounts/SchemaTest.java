package flotilla.cluster.accounts;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SchemaTest {
    @Test
    void theNewestMigrationIsTheOneThatIsExpected() throws IOException, URISyntaxException {
        URL migrations = Objects.requireNonNull(Schema.class.getResource("/db/migration"));
        try (Stream<Path> files = Files.list(Path.of(migrations.toURI()))) {
            int newest = files.map(file -> file.getFileName().toString())
                    .map(name -> Integer.valueOf(name.substring(1, name.indexOf("__"))))
                    .max(Comparator.naturalOrder())
                    .orElseThrow();
            assertEquals(Schema.NEWEST, Integer.toString(newest));
        }
    }
}
