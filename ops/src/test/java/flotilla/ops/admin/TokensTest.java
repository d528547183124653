package flotilla.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import flotilla.ops.admin.TokenFile.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokensTest {
    @Test
    void aFileOfAnOlderReleaseIsRead(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("admin-tokens");
        String line = "grafana viewer " + TokenFile.hash("flt_secret") + " 2026-01-01T00:00:00Z";
        Files.writeString(file, "# name role sha-256 created; made by flotilla token\n" + line + "\n");
        Token token = new Tokens(Optional.of(file), TokenFile.random())
                .of("Bearer flt_secret")
                .orElseThrow();
        assertEquals("grafana", token.name());
        assertTrue(token.isFor(List.of("users")) && !token.isExpired(Instant.MAX.minusSeconds(1)));
        Files.writeString(file, line + " only=weekdays\n");
        assertThrows(IOException.class, () -> new TokenFile(file).read(), "what limits a token is not ignored");
    }

    @Test
    void aTokenThatWasLimitedAllowsASignInOfItsOldRightsNoMore(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("admin-tokens");
        String hash = TokenFile.hash("flt_secret");
        String rest = " " + hash + " 2026-01-01T00:00:00Z";
        Tokens tokens = new Tokens(Optional.of(file), TokenFile.random());
        for (String line : List.of("ops viewer" + rest, "ops administrator" + rest + " scope=bans")) {
            Files.writeString(file, "ops administrator" + rest + "\n");
            assertTrue(new Tokens(Optional.of(file), TokenFile.random()).has(hash, Role.OPERATOR));
            Files.writeString(file, line + "\n");
            assertFalse(new Tokens(Optional.of(file), TokenFile.random()).has(hash, Role.OPERATOR), line);
        }
        assertFalse(tokens.has("0123", Role.VIEWER));
    }

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
