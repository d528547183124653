package flotilla.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "flotilla.cluster", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule HAZELCAST_HAS_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.cluster.hazelcast..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.hazelcast..");

    @ArchTest
    static final ArchRule KRYO_HAS_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackage("flotilla.cluster.wire")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.esotericsoftware..");

    @ArchTest
    static final ArchRule THE_DATABASE_HAS_ONE_DOOR = noClasses()
            .that()
            .resideOutsideOfPackages("flotilla.cluster.accounts")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.sql..", "org.flywaydb..", "org.h2..", "org.postgresql..");

    @ArchTest
    static final ArchRule NEITHER_NETWORK_NOR_FILES_ARE_KNOWN = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.netty..", "flotilla.storage..", "flotilla.node..", "flotilla.ops..");

    @ArchTest
    static final ArchRule PASSWORDS_NEED_NOTHING_ELSE = noClasses()
            .that()
            .resideInAPackage("flotilla.cluster.password")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.pekko..", "com.hazelcast..", "flotilla.cluster.hazelcast..");

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("flotilla.cluster.(*)..").should().beFreeOfCycles();
}
