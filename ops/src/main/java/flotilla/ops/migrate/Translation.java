package flotilla.ops.migrate;

import java.util.List;

/**
 * A configuration of Flotilla, made from that of another server.
 *
 * @param text of its file, with a comment for each key
 * @param notes what has no counterpart, in the order of lines
 */
public record Translation(String text, List<Note> notes) {
    public Translation {
        notes = List.copyOf(notes);
    }
}
