package flotilla.ops.json;

/** JSON that is not what is expected. The message is a sentence for the one who has written it. */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JsonException(String sentence) {
        super(sentence, null, false, false);
    }
}
