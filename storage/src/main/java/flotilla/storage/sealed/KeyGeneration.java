package flotilla.storage.sealed;

/**
 * A key of a key file, without the key itself.
 *
 * @param id its number in the file, as Tink shows it
 * @param seals whether new files are sealed with it; the other ones only open
 */
public record KeyGeneration(String id, boolean seals) {}
