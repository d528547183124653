package flotilla.ops.admin;

import flotilla.node.overview.SessionQuery.SortKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The end of a page, as an opaque text that callers send to get the next page. */
public final class Cursor {
    private Cursor() {}

    public static String of(SortKey key) {
        String text = key.number() + "\n" + key.id() + "\n" + key.text();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public static SortKey parse(String cursor) {
        if (cursor.isEmpty()) {
            return SortKey.START;
        }
        try {
            String[] parts = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8).split("\n", 3);
            return new SortKey(Long.parseLong(parts[0]), parts[2], parts[1]);
        } catch (RuntimeException e) {
            throw ApiException.badRequest("cursor is not one that this API gave");
        }
    }
}
