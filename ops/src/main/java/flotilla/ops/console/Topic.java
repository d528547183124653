package flotilla.ops.console;

import java.util.concurrent.CompletionStage;

/**
 * Something that pages show live. All pages with the same name are the same.
 */
interface Topic {
    /** The name, by which viewers share one look. */
    String name();

    /** Looks at the cluster. */
    CompletionStage<Picture> look();
}
