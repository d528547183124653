package flotilla.ops.console;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import gg.jte.output.Utf8ByteOutput;
import java.util.Map;

/** Fills the templates, which the build has turned into classes. */
final class Templates {
    private final TemplateEngine engine = TemplateEngine.createPrecompiled(ContentType.Html);

    Templates() {
        engine.setTrimControlStructures(true);
    }

    /** Returns a page. */
    byte[] page(String template, Map<String, Object> values) {
        Utf8ByteOutput output = new Utf8ByteOutput();
        engine.render(template, values, output);
        return output.toByteArray();
    }

    /** Returns a part of a page. */
    String part(String template, Map<String, Object> values) {
        StringOutput output = new StringOutput();
        engine.render(template, values, output);
        return output.toString();
    }
}
