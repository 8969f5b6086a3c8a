package dev.postern.audit.ocsf;

/// The OCSF 1.8 event classes that are used here. The category is the class' thousands.
enum OcsfClass {
    DETECTION_FINDING(2004, "Detection Finding"),
    AUTHENTICATION(3002, "Authentication"),
    AUTHORIZE_SESSION(3003, "Authorize Session"),
    ENTITY_MANAGEMENT(3004, "Entity Management"),
    USER_ACCESS_MANAGEMENT(3005, "User Access Management"),
    APPLICATION_LIFECYCLE(6002, "Application Lifecycle"),
    API_ACTIVITY(6003, "API Activity"),
    DATASTORE_ACTIVITY(6005, "Datastore Activity");

    private final int uid;
    private final String caption;

    OcsfClass(int uid, String caption) {
        this.uid = uid;
        this.caption = caption;
    }

    int uid() {
        return uid;
    }

    String caption() {
        return caption;
    }

    int category() {
        return uid / 1000;
    }
}
