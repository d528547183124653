package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    @Test
    void aFileThatCouldNotBeReadIsReadAgainAlthoughItsTimeStaysTheSame(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("admin-tokens");
        String token = new TokenFile(file).add("grafana", Role.VIEWER);
        String good = Files.readString(file);
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, "no token's line\n");
        Files.setLastModifiedTime(file, time);
        Tokens tokens = new Tokens(Optional.of(file), TokenFile.random());
        assertEquals(Optional.empty(), tokens.of("Bearer " + token));

        Files.writeString(file, good);
        Files.setLastModifiedTime(file, time);

        assertTrue(tokens.of("Bearer " + token).isPresent());
    }
}
