package flotilla.cluster.password;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.junit.jupiter.api.Test;

class PasswordHashTest {
    private static final Argon2Parameters CHEAP = new Argon2Parameters(64, 1, 1);

    /** Vectors of the reference implementation's own tests (P-H-C/phc-winner-argon2, src/test.c). */
    @Test
    void theReferenceVectorsVerify() {
        assertTrue(PasswordHash.verify(
                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc", "password"));
        assertTrue(PasswordHash.verify(
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4", "password"));
    }

    @Test
    void aHashVerifiesItsPasswordOnly() {
        String hash = PasswordHash.encode("gehëim", CHEAP);
        assertTrue(hash.startsWith("$argon2id$v=19$m=64,t=1,p=1$"));
        assertTrue(PasswordHash.verify(hash, "gehëim"));
        assertFalse(PasswordHash.verify(hash, "geheim"));
        assertFalse(PasswordHash.verify(hash, ""));
    }

    @Test
    void theSaltIsFresh() {
        assertNotEquals(PasswordHash.encode("x", CHEAP), PasswordHash.encode("x", CHEAP));
    }

    @Test
    void whatIsNoHashOrCostsTooMuchIsWrong() {
        String rest = "$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
        for (String hash : new String[] {
            "",
            "password",
            "$argon2d$v=19$m=64,t=1,p=1" + rest,
            "$argon2id$v=16$m=64,t=1,p=1" + rest,
            "$argon2id$v=19$m=999999999,t=1,p=1" + rest,
            "$argon2id$v=19$m=64,t=65,p=1" + rest,
            "$argon2id$v=19$m=65537,t=1,p=1" + rest,
            "$argon2id$v=19$m=1048576,t=64,p=1" + rest,
            "$argon2id$v=19$m=65536,t=17,p=1" + rest,
            "$argon2id$v=19$m=64,t=1,p=17" + rest,
            "$argon2id$v=19$m=64,t=1,p=0" + rest,
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA",
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$" + "A".repeat(1_000)
        }) {
            assertFalse(PasswordHash.isReadable(hash), hash);
            assertFalse(PasswordHash.verify(hash, "password"), hash);
        }
        assertTrue(PasswordHash.isReadable("$argon2id$v=19$m=65536,t=16,p=16" + rest));
        assertTrue(PasswordHash.isReadable("$argon2id$v=19$m=16384,t=64,p=1" + rest));
    }

    /** The file tells with which tool each hash was made. */
    private static List<String> foreign() throws Exception {
        try (InputStream in =
                Objects.requireNonNull(PasswordHashTest.class.getResourceAsStream("/foreign-hashes.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    @Test
    void hashesOfOtherToolsVerifyTheirPasswordsOnly() throws Exception {
        assertTrue(foreign().size() >= 33);
        for (String line : foreign()) {
            String[] fields = line.split("\t");
            assertTrue(PasswordHash.isReadable(fields[1]), line);
            assertTrue(PasswordHash.verify(fields[1], fields[2]), line);
            assertFalse(PasswordHash.verify(fields[1], "!" + fields[2]), line);
            assertFalse(PasswordHash.verify(fields[1], ""), line);
        }
    }

    @Test
    void hashesThatAreTooWeakTooDearOrUnknownAreNotReadable() {
        String sha512 =
                "$saltstring$6Nl3IkZ9WLB/QI8oDa4oUK2iC.PyIXmE/ZsrQRbOqW2Udcf0lyhoKm/3jZdKLbKMbOXIdBjJQhFemxu4k3qTE/";
        for (String hash : new String[] {
            "$6$rounds=200001" + sha512,
            "$6$rounds=999" + sha512,
            "$6$rounds=05000" + sha512,
            "$2b$15$abcdefghijklmnopqrstuuMS0ronFZPLWyfy.nW1g1DtO6dBiX5ZO",
            "$2x$05$abcdefghijklmnopqrstuuMS0ronFZPLWyfy.nW1g1DtO6dBiX5ZO",
            "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$GmcwIgvdUC9qLWcKCi6gklUa1dM3ziD43YxYNURLKy0",
            "abWL7Sj501Z46",
            "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=",
            "$1$Ab3/x.9z$",
            "secret"
        }) {
            assertFalse(PasswordHash.isReadable(hash), hash);
            assertFalse(PasswordHash.verify(hash, "secret"), hash);
        }
        assertTrue(PasswordHash.isReadable("$6$rounds=200000" + sha512));
        assertTrue(PasswordHash.isReadable("$2b$14$abcdefghijklmnopqrstuuMS0ronFZPLWyfy.nW1g1DtO6dBiX5ZO"));
    }

    @Test
    void aPasswordBeyondAllReasonIsNotHashedBySlowRounds() {
        assertFalse(PasswordHash.verify("$1$Ab3/x.9z$P/HqpmQXL.J8agsJkFwGQ.", "x".repeat(513)));
    }

    /** Otherwise that password would replace the owner's. */
    @Test
    void aPasswordOfWhichBcryptSeesAPartOnlyIsWrong() {
        byte[] salt = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        String longest = "é".repeat(36);
        String hash = OpenBSDBCrypt.generate("2b", longest.toCharArray(), salt, 4);
        assertTrue(PasswordHash.verify(hash, longest));
        assertFalse(PasswordHash.verify(hash, longest + "x"));
        String usual = OpenBSDBCrypt.generate("2b", "geheim".toCharArray(), salt, 4);
        assertTrue(PasswordHash.verify(usual, "geheim"));
        assertFalse(PasswordHash.verify(usual, "geheim\0geheim"));
    }
}
