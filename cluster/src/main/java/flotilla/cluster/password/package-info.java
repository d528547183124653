/** Passwords: Argon2id hashes, those of other systems, and their verification under load. */
@org.jspecify.annotations.NullMarked
package flotilla.cluster.password;
