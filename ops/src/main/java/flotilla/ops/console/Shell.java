package flotilla.ops.console;

import flotilla.ops.console.Assets.Asset;

/**
 * What surrounds the content of each page.
 *
 * @param title of the page
 * @param section name of the section that the navigation marks
 * @param operator name of the operator; empty when nobody is signed in
 * @param role his role
 * @param csrf what each form must have
 * @param live path of the events that keep the page up to date; empty for none
 * @param node name of the node that serves the page
 * @param notice what the operator has just done; empty for nothing
 * @param problem why it could not be done; empty for no problem
 */
public record Shell(
        String title,
        String section,
        String operator,
        String role,
        String csrf,
        String live,
        String node,
        String notice,
        String problem,
        Assets assets) {
    /** Returns a script or a style. */
    public Asset asset(String name) {
        return assets.get(name);
    }

    Shell live(String path) {
        return new Shell(title, section, operator, role, csrf, path, node, notice, problem, assets);
    }
}
