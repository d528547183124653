package flotilla.node;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import flotilla.node.command.Call;
import flotilla.node.command.CommandTable;

/** Checks the rules of docs/explanation/architecture.md that this module could break. */
@AnalyzeClasses(packages = "flotilla.node", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("flotilla.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule OPERATIONS_ARE_NOT_KNOWN =
            noClasses().should().dependOnClassesThat().resideInAPackage("flotilla.ops..");

    @ArchTest
    static final ArchRule NETTY_HAS_THREE_DOORS = noClasses()
            .that()
            .resideOutsideOfPackages("flotilla.node.tls", "flotilla.node.control", "flotilla.node.data")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..");

    @ArchTest
    static final ArchRule CRYPTOGRAPHY_HAS_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.node.tls")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bouncycastle..", "io.netty.internal.tcnative..");

    @ArchTest
    static final ArchRule BLOCKING_SOCKETS_ARE_OF_THE_THREADS_OF_TRANSFERS_ONLY = noClasses()
            .that()
            .resideOutsideOfPackages("flotilla.node.data", "flotilla.node.scan")
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.net\\.(Server)?Socket|java\\.net\\.DatagramSocket|java\\.nio\\.channels\\..*");

    @ArchTest
    static final ArchRule FILES_ARE_THE_BUSINESS_OF_STORAGE = noClasses()
            .should()
            .dependOnClassesThat()
            .haveNameMatching("java\\.io\\.(File|File.*|RandomAccessFile)|java\\.nio\\.channels\\.FileChannel");

    @ArchTest
    static final ArchRule SHARED_STATE_IS_SEEN_THROUGH_INTERFACES = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "com.hazelcast..",
                    "com.esotericsoftware..",
                    "java.sql..",
                    "flotilla.cluster.hazelcast..",
                    "flotilla.cluster.accounts..");

    @ArchTest
    static final ArchRule NOBODY_KNOWS_HOW_FILES_ARE_STORED = noClasses()
            .that()
            .doNotHaveSimpleName("StorageMarker")
            .and()
            .doNotHaveSimpleName("StorageLease")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("flotilla.storage.local..");

    @ArchTest
    static final ArchRule THE_PROTOCOL_NEEDS_NOTHING_ELSE_OF_THE_NODE = noClasses()
            .that()
            .resideInAPackage("flotilla.node.protocol")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "flotilla.node.command..",
                    "flotilla.node.state..",
                    "flotilla.node.session..",
                    "flotilla.node.transfer..",
                    "flotilla.cluster..",
                    "org.apache.pekko..");

    /** Makes one unit of each file of the package, so a record and the interface around it are one unit. */
    private static final SliceAssignment FILES_OF_COMMANDS = new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass type) {
            return type.getPackageName().equals("flotilla.node.command")
                    ? SliceIdentifier.of(type.getName().replaceFirst("\\$.*", ""))
                    : SliceIdentifier.ignore();
        }

        @Override
        public String getDescription() {
            return "the files of flotilla.node.command";
        }
    };

    @ArchTest
    static final ArchRule VERBS_FORM_NO_CYCLES =
            slices().assignedFrom(FILES_OF_COMMANDS).should().beFreeOfCycles();

    @ArchTest
    static final ArchRule VERBS_DO_NOT_KNOW_THE_TABLE = noClasses()
            .that()
            .resideInAPackage("flotilla.node.command")
            .and()
            .doNotBelongToAnyOf(CommandTable.class)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(CommandTable.class, Call.class);

    @ArchTest
    static final ArchRule COMMANDS_ARE_FUNCTIONS_WITHOUT_ACTORS_AND_SOCKETS = noClasses()
            .that()
            .resideInAPackage("flotilla.node.command")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.pekko..",
                    "org.slf4j..",
                    "flotilla.node.session..",
                    "flotilla.node.control..",
                    "flotilla.node.data..",
                    "flotilla.node.tls..");
}
