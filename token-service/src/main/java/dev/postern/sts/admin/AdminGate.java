package dev.postern.sts.admin;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerInterceptor;

/// Stands before every address of the administration and hands the verified caller to the one that answers.
///
/// Default deny: an address without [Requires] is a defect, and closed.
final class AdminGate implements HandlerInterceptor, HandlerMethodArgumentResolver {

    private static final String CALLER = AdminGate.class.getName() + ".caller";

    private final AdminAccess access;

    AdminGate(AdminAccess access) {
        this.access = access;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method) {
            Requires required = method.getMethodAnnotation(Requires.class);
            if (required == null) {
                throw new IllegalStateException(method.getMethod() + " names no scope");
            }
            request.setAttribute(CALLER, access.require(request, required.value()));
        }
        return true;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType().equals(AdminCaller.class);
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @org.jspecify.annotations.Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @org.jspecify.annotations.Nullable WebDataBinderFactory binders) {
        if (request.getAttribute(CALLER, RequestAttributes.SCOPE_REQUEST) instanceof AdminCaller caller) {
            return caller;
        }
        throw new IllegalStateException("the gate was not passed");
    }
}
