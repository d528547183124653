package flotilla.ops.migrate;

import flotilla.cluster.password.PasswordHash;
import java.util.Optional;

/**
 * The hash of a password of another system. Most kinds can be verified at a login, which replaces them. DES and unsalted
 * SHA-1 are refused: whoever reads such a hash finds the password in minutes. Nothing here verifies yescrypt.
 */
record ForeignHash(String text) {
    /** Returns the hash when logins can verify it; otherwise an empty one, which no password fits. */
    String usable() {
        return PasswordHash.isReadable(text) ? text : "";
    }

    /** Returns why the account has no password, and what to do; empty when it keeps its own. */
    Optional<String> remark() {
        return PasswordHash.isReadable(text)
                ? Optional.empty()
                : Optional.of(why() + ": the account has no password until flotilla user passwd gives one");
    }

    private String why() {
        if (text.startsWith("$y$") || text.startsWith("$gy$") || text.startsWith("$7$")) {
            return "its hash is " + (text.startsWith("$7$") ? "scrypt" : "yescrypt")
                    + ", which cannot be verified here";
        }
        if (text.startsWith("{SHA}")) {
            return "its hash is SHA-1 without a salt, which is refused";
        }
        if (text.matches("[./0-9A-Za-z]{13}")) {
            return "its hash is DES, which is refused";
        }
        return text.matches("\\$(argon2.*|1|apr1|2.|5|6)\\$.*")
                ? "its hash is damaged, or would take too long to verify"
                : "its hash is of an unknown kind";
    }
}
