package flotilla.ops.json;

/** JSON of an unexpected form. The message is a sentence for its author. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Creates the failure.
     *
     * @param sentence for the author of the JSON
     */
    public JsonException(String sentence) {
        super(sentence, null, false, false);
    }
}
