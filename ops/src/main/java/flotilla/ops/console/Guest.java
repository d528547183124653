package flotilla.ops.console;

import flotilla.ops.admin.Door.Visitor;
import flotilla.ops.admin.Role;
import flotilla.ops.admin.Site.Visit;
import flotilla.ops.console.SignInDesk.Operator;
import java.util.List;

/**
 * A request of an operator who is signed in.
 *
 * @param names the variable segments of the path, in order
 * @param form the fields of a POST
 */
record Guest(Visit visit, Operator operator, List<String> names, Form form) {
    Guest {
        names = List.copyOf(names);
    }

    Visitor visitor() {
        return operator.visitor();
    }

    boolean may(Role role) {
        return visitor().role().includes(role);
    }

    String name() {
        return names.get(0);
    }

    String query(String name) {
        return visit.query().getOrDefault(name, "");
    }
}
