/** Passwords: Argon2id hashes and their verification under load. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.password;
