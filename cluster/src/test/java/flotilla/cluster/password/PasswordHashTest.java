package flotilla.cluster.password;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
            "$argon2i$v=19$m=64,t=1,p=1" + rest,
            "$argon2id$v=16$m=64,t=1,p=1" + rest,
            "$argon2id$v=19$m=999999999,t=1,p=1" + rest,
            "$argon2id$v=19$m=64,t=65,p=1" + rest,
            "$argon2id$v=19$m=64,t=1,p=17" + rest,
            "$argon2id$v=19$m=64,t=1,p=0" + rest,
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$AAAA",
            "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHQ$" + "A".repeat(1_000)
        }) {
            assertFalse(PasswordHash.verify(hash, "password"), hash);
        }
    }
}
