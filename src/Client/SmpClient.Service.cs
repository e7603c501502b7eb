using SimplexActors.Client.Connection;
using SimplexActors.Protocol.Smp;
using SimplexActors.Protocol.Smp.Commands;
using SimplexActors.Protocol.Smp.Responses;

namespace SimplexActors.Client;

/// <summary>
/// What a client service does (section 20 of the specification): queues that it creates or subscribes to belong to it, and
/// one command subscribes to all of them.
/// </summary>
public sealed partial class SmpClient
{
    /// <summary>
    /// The service of this session; null when <see cref="SmpClientOptions.Service"/> is not set or the router is too old.
    /// </summary>
    public ClientService? Service => _connection.Service;

    /// <summary>
    /// <c>SUBS</c> or <c>NSUBS</c>: subscribes to everything that belongs to the service. Stored messages follow as
    /// <see cref="MessageReceived"/>, then <see cref="ServiceDelivered"/> (for messages); a connection that held the service
    /// before gets <see cref="ServiceEnded"/>. Make the queues known with <see cref="Know(RecipientQueue)"/> first.
    /// </summary>
    /// <param name="expected">What the service believes to have; null: nothing said.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>What the router has of the service.</returns>
    /// <exception cref="InvalidOperationException">This is no service session.</exception>
    public SmpCall<ServiceQueues> SubscribeServiceAsync(ServiceQueues? expected = null, CancellationToken cancellation = default)
    {
        ClientService service = Service ?? throw new InvalidOperationException("Only a service subscribes to all its queues.");
        expected ??= ServiceQueues.Unknown;
        SmpCommand command = service.Role is ServiceRole.Notifier ? new NsubsCommand(expected) : new SubsCommand(expected);
        return new(Convert(
            new CommandToSend(command, service.ServiceId, service.SessionKey),
            response => (SmpResult<ServiceQueues>)((SoksResponse)response).Stored,
            cancellation));
    }

    /// <summary>Has messages of a queue of the service reported with this handle; sends nothing.</summary>
    public void Know(RecipientQueue queue) => _subscriptions.Know(queue.RecipientId, queue);

    /// <summary>Has notifications of a notifier of the service reported with this handle; sends nothing.</summary>
    public void Know(NotifierQueue notifier) => _subscriptions.Know(notifier.NotifierId, notifier);
}
