/** Encryption at rest: a store around another one that seals the content of files with Tink's streaming AEAD. */
@org.jspecify.annotations.NullMarked
package flotilla.storage.sealed;
